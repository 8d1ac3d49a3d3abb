<?php
/**
 * Plugin Name:       CACIMA Assistant
 * Description:       Adds CACIMA's assistant on French business clusters to every page, with its options on a settings page.
 * Version:           1.0.0
 * Requires at least: 5.7
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       cacima-assistant
 *
 * @package CacimaAssistant
 */

defined( 'ABSPATH' ) || exit;

const CACIMA_ASSISTANT_OPTION = 'cacima_assistant';

/**
 * The words of the settings page, in the language of the person who reads it.
 *
 * They stand here rather than in a .mo file, so that the plugin is one file to copy.
 *
 * @return array<string, string>
 */
function cacima_assistant_words() {
	if ( 0 === strpos( get_user_locale(), 'fr' ) ) {
		return array(
			'title'        => 'Assistant de la CACIMA',
			'intro'        => 'Le bouton de l’assistant s’affiche sur toutes les pages dès qu’une adresse est donnée. Le serveur doit connaître ce site : ajoutez %s à CACIMA_WEBSITE_ORIGINS.',
			'server'       => 'Adresse du serveur',
			'server_help'  => 'Par exemple https://assistant.example, sans rien après.',
			'server_wrong' => 'L’adresse du serveur doit commencer par https:// et ne contenir que le nom du serveur. Elle n’a pas été enregistrée.',
			'lang'         => 'Langue de départ',
			'lang_help'    => 'Ensuite, la langue de la personne l’emporte.',
			'lang_page'    => 'Celle de la page',
			'color'        => 'Couleur',
			'color_help'   => 'Le texte posé dessus reste lisible, quelle que soit la couleur. Vide : bleu.',
			'position'     => 'Coin de la page',
			'right'        => 'En bas à droite',
			'left'         => 'En bas à gauche',
			'offset'       => 'Distance du bord',
			'offset_help'  => 'En pixels, côté puis bas, par exemple « 16 80 » pour passer au-dessus d’un bandeau.',
			'theme'        => 'Clair ou sombre',
			'theme_page'   => 'Comme la page',
			'light'        => 'Clair',
			'dark'         => 'Sombre',
			'invite'       => 'Invitation',
			'invite_help'  => 'Secondes avant qu’une bulle propose l’assistant, une fois par visiteur et jamais par-dessus un texte. Vide : pas d’invitation.',
			'everywhere'   => 'Pages',
			'all_pages'    => 'Toutes les pages',
			'home_only'    => 'La page d’accueil seulement',
			'noscript'     => 'Sans JavaScript, vous pouvez écrire à la CACIMA (adresses de 2015) :',
		);
	}
	return array(
		'title'        => 'CACIMA Assistant',
		'intro'        => 'The assistant’s button shows on every page once an address is given. The server must know this site: add %s to CACIMA_WEBSITE_ORIGINS.',
		'server'       => 'Server address',
		'server_help'  => 'For instance https://assistant.example, with nothing after it.',
		'server_wrong' => 'The server address must begin with https:// and hold nothing but the server’s name. It was not saved.',
		'lang'         => 'First language',
		'lang_help'    => 'After that, the person’s own language wins.',
		'lang_page'    => 'The page’s',
		'color'        => 'Colour',
		'color_help'   => 'Text on it stays readable, whatever the colour. Empty: blue.',
		'position'     => 'Corner of the page',
		'right'        => 'Bottom right',
		'left'         => 'Bottom left',
		'offset'       => 'Distance from the edge',
		'offset_help'  => 'In pixels, side then bottom, such as “16 80” to stand above a banner.',
		'theme'        => 'Light or dark',
		'theme_page'   => 'As the page',
		'light'        => 'Light',
		'dark'         => 'Dark',
		'invite'       => 'Invitation',
		'invite_help'  => 'Seconds before a bubble offers the assistant, once a visitor and never over text. Empty: no invitation.',
		'everywhere'   => 'Pages',
		'all_pages'    => 'Every page',
		'home_only'    => 'The front page only',
		'noscript'     => 'Without JavaScript, you can write to CACIMA (addresses of 2015):',
	);
}

/**
 * The options as saved, each with its default.
 *
 * @return array<string, string>
 */
function cacima_assistant_options() {
	$defaults = array(
		'server'     => '',
		'lang'       => '',
		'color'      => '',
		'position'   => 'right',
		'offset'     => '',
		'theme'      => '',
		'invite'     => '',
		'everywhere' => 'all',
	);
	$saved    = get_option( CACIMA_ASSISTANT_OPTION, array() );
	return array_map( 'strval', array_merge( $defaults, array_intersect_key( is_array( $saved ) ? $saved : array(), $defaults ) ) );
}

/**
 * What a person sent, reduced to what the assistant takes.
 *
 * @param mixed $given The fields of the form.
 * @return array<string, string>
 */
function cacima_assistant_sanitize( $given ) {
	$given  = is_array( $given ) ? $given : array();
	$kept   = cacima_assistant_options();
	$choose = function ( $name, $allowed ) use ( $given ) {
		$value = isset( $given[ $name ] ) && is_string( $given[ $name ] ) ? $given[ $name ] : '';
		return in_array( $value, $allowed, true ) ? $value : $allowed[0];
	};
	$match  = function ( $name, $pattern ) use ( $given ) {
		$value = isset( $given[ $name ] ) && is_string( $given[ $name ] ) ? trim( $given[ $name ] ) : '';
		return preg_match( $pattern, $value ) ? $value : '';
	};

	$typed  = isset( $given['server'] ) && is_string( $given['server'] ) ? rtrim( trim( $given['server'] ), '/' ) : '';
	$server = preg_match( '~^https?://[a-z0-9.-]+(:\d+)?$~i', $typed ) ? strtolower( $typed ) : '';
	if ( '' !== $typed && '' === $server ) {
		add_settings_error( CACIMA_ASSISTANT_OPTION, 'server', cacima_assistant_words()['server_wrong'] );
		$server = $kept['server'];
	}
	return array(
		'server'     => $server,
		'lang'       => $choose( 'lang', array( '', 'fr', 'en' ) ),
		'color'      => $match( 'color', '/^#[0-9a-f]{3}([0-9a-f]{3})?$/i' ),
		'position'   => $choose( 'position', array( 'right', 'left' ) ),
		'offset'     => $match( 'offset', '/^\d{1,3}( \d{1,3})?$/' ),
		'theme'      => $choose( 'theme', array( '', 'light', 'dark' ) ),
		'invite'     => $match( 'invite', '/^\d{1,4}$/' ),
		'everywhere' => $choose( 'everywhere', array( 'all', 'home' ) ),
	);
}

/**
 * The line a site would write by hand, at the end of the page.
 */
function cacima_assistant_print() {
	$options = cacima_assistant_options();
	if ( '' === $options['server'] || ( 'home' === $options['everywhere'] && ! is_front_page() ) ) {
		return;
	}
	// phpcs:ignore WordPress.WP.EnqueuedResources.NonEnqueuedScript -- its options are attributes of its own tag.
	printf( '<script src="%s"', esc_url( $options['server'] . '/widget.js' ) );
	foreach ( array( 'lang', 'color', 'position', 'offset', 'theme', 'invite' ) as $name ) {
		if ( '' !== $options[ $name ] ) {
			printf( ' data-%s="%s"', esc_attr( $name ), esc_attr( $options[ $name ] ) );
		}
	}
	echo ' defer data-no-optimize="1" data-cfasync="false"></script>' . "\n";
	printf(
		'<noscript><p>%s <a href="mailto:janick.cormier@cacima.fr">janick.cormier@cacima.fr</a>, <a href="mailto:jeannette.boiret@cacima.fr">jeannette.boiret@cacima.fr</a></p></noscript>' . "\n",
		esc_html( cacima_assistant_words()['noscript'] )
	);
}
add_action( 'wp_footer', 'cacima_assistant_print', 100 );

/**
 * Registers the option, so that WordPress checks who saves it and how.
 */
function cacima_assistant_register() {
	register_setting(
		CACIMA_ASSISTANT_OPTION,
		CACIMA_ASSISTANT_OPTION,
		array(
			'type'              => 'array',
			'sanitize_callback' => 'cacima_assistant_sanitize',
			'show_in_rest'      => false,
		)
	);
}
add_action( 'admin_init', 'cacima_assistant_register' );

/**
 * Adds the page under Settings.
 */
function cacima_assistant_menu() {
	$title = cacima_assistant_words()['title'];
	add_options_page( $title, $title, 'manage_options', 'cacima-assistant', 'cacima_assistant_page' );
}
add_action( 'admin_menu', 'cacima_assistant_menu' );

/**
 * One row of the form: a list of choices, or a field.
 *
 * @param string                $name    The option's name.
 * @param array<string, string> $choices What may be chosen; empty for a field to type in.
 * @param string                $type    The kind of field.
 */
function cacima_assistant_row( $name, $choices = array(), $type = 'text' ) {
	$words = cacima_assistant_words();
	$value = cacima_assistant_options()[ $name ];
	$field = CACIMA_ASSISTANT_OPTION . '[' . $name . ']';
	$id    = 'cacima-' . $name;
	$help  = isset( $words[ $name . '_help' ] );
	printf( '<tr><th scope="row"><label for="%s">%s</label></th><td>', esc_attr( $id ), esc_html( $words[ $name ] ) );
	if ( $choices ) {
		printf( '<select id="%s" name="%s">', esc_attr( $id ), esc_attr( $field ) );
		foreach ( $choices as $key => $label ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( $key ), selected( $value, $key, false ), esc_html( $label ) );
		}
		echo '</select>';
	} else {
		printf(
			'<input id="%s" name="%s" type="%s" value="%s" class="regular-text"%s>',
			esc_attr( $id ),
			esc_attr( $field ),
			esc_attr( $type ),
			esc_attr( $value ),
			$help ? ' aria-describedby="' . esc_attr( $id ) . '-help"' : ''
		);
	}
	if ( $help ) {
		printf( '<p class="description" id="%s-help">%s</p>', esc_attr( $id ), esc_html( $words[ $name . '_help' ] ) );
	}
	echo '</td></tr>';
}

/**
 * The settings page.
 */
function cacima_assistant_page() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$words = cacima_assistant_words();
	$home  = wp_parse_url( home_url() );
	$site  = $home['scheme'] . '://' . $home['host'] . ( isset( $home['port'] ) ? ':' . $home['port'] : '' );
	printf( '<div class="wrap"><h1>%s</h1><p>%s</p>', esc_html( $words['title'] ), esc_html( sprintf( $words['intro'], $site ) ) );
	echo '<form action="options.php" method="post">';
	settings_fields( CACIMA_ASSISTANT_OPTION );
	echo '<table class="form-table" role="presentation">';
	cacima_assistant_row( 'server', array(), 'url' );
	cacima_assistant_row(
		'lang',
		array(
			''   => $words['lang_page'],
			'fr' => 'Français',
			'en' => 'English',
		)
	);
	cacima_assistant_row( 'color' );
	cacima_assistant_row(
		'position',
		array(
			'right' => $words['right'],
			'left'  => $words['left'],
		)
	);
	cacima_assistant_row( 'offset' );
	cacima_assistant_row(
		'theme',
		array(
			''      => $words['theme_page'],
			'light' => $words['light'],
			'dark'  => $words['dark'],
		)
	);
	cacima_assistant_row( 'invite', array(), 'number' );
	cacima_assistant_row(
		'everywhere',
		array(
			'all'  => $words['all_pages'],
			'home' => $words['home_only'],
		)
	);
	echo '</table>';
	submit_button();
	echo '</form></div>';
}
